import { spawn } from 'node:child_process';

/**
 * Waits for us to end, however we end, then ends what the pid files below the folder name and removes the folder.
 * A shell, because it must outlive us and should cost nothing while it waits.
 */
const SCRIPT = `
cat > /dev/null
[ -d "$1" ] || exit 0
for file in "$1"/*.pid "$1"/*/*.pid; do
  [ -f "$file" ] && read -r pid < "$file" && kill -INT "$pid" && pids="$pids $pid"
done
for pid in $pids; do
  turns=0
  while kill -0 "$pid" && [ $turns -lt 100 ]; do sleep 0.1; turns=$((turns + 1)); done
  kill -9 "$pid"
done
rm -rf "$1"`;

/** Makes sure that a folder of throw-away servers is gone with us, even when we are killed by force. */
export function guardFolder(dir: string): void {
  const guard = spawn('sh', ['-c', SCRIPT, 'guard', dir], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  // The pipe closes with our process; unreferenced, it does not keep us alive.
  if (guard.stdin && 'unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
}
