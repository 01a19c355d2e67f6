/** The plain text of every letter; `text` and `label` come in as they are. */
export const textLayout = `{{ heading }}

{% for fact in facts %}{{ fact.label }}: {{ fact.text }}
{% endfor %}
{{ lead }}

{% for link in links %}{{ link.label }}: {{ link.address }}
{% endfor %}
{{ call }}

{{ clinic }}
{{ automatic }}
`;

/**
 * The same as a page for mail programs: a table, since some know no other way to a column, and every style inline, since
 * some drop the head. What the head has is for the dark. Nothing is loaded from anywhere.
 */
export const htmlLayout = `<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, address=no, date=no">
<title>{{ subject }}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .paper { background: #12191b !important; }
  .card { background: #1b2528 !important; border-color: #2e3b3f !important; }
  .ink { color: #edf2f2 !important; }
  .soft { color: #a5b5b8 !important; }
  .button { background: #5cc7b8 !important; color: #06251f !important; }
}
</style>
</head>
<body class="paper" style="margin:0;padding:0;background:#f4f1ec;-webkit-text-size-adjust:100%">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="paper" style="background:#f4f1ec">
<tr><td align="center" style="padding:24px 12px 40px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:480px;text-align:left;font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;font-size:17px;line-height:1.5">
<tr><td class="ink" style="padding:0 8px 14px;color:#1d2a2e;font-weight:600">{{ clinic }}</td></tr>
<tr><td class="card" style="background:#ffffff;border:1px solid #e3ded5;border-radius:16px;padding:28px 24px 16px">
<h1 class="ink" style="margin:0 0 20px;color:#1d2a2e;font-size:22px;line-height:1.3;font-weight:650">{{ heading }}</h1>
{% for fact in facts %}<p class="soft" style="margin:0;color:#56676c;font-size:14px">{{ fact.label }}</p>
<p class="ink" style="margin:0 0 14px;color:#1d2a2e;{% if forloop.first %}font-size:19px;font-weight:600;{% endif %}{% if fact.isGone %}text-decoration:line-through;{% endif %}">{{ fact.text }}</p>
{% endfor %}<p class="ink" style="margin:6px 0 22px;color:#1d2a2e">{{ lead }}</p>
{% for link in links %}<a href="{{ link.address }}" class="button" style="display:block;margin:0 0 12px;padding:15px 20px;border-radius:12px;background:#0f6b63;color:#ffffff;font-weight:650;text-align:center;text-decoration:none">{{ link.label }}</a>
{% endfor %}</td></tr>
<tr><td class="soft" style="padding:18px 8px 0;color:#56676c;font-size:15px">{{ call }}<br>{{ automatic }}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
