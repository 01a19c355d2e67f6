/** The plain text of an e-mail that staff wrote. */
export const freeTextLayout = `{{ body }}

{{ clinic }}
{{ call }}
`;

/** The same as a page, as plain as a letter that somebody typed. */
export const freeTextPage = `<!doctype html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ subject }}</title>
</head>
<body style="margin:0;padding:24px 16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;font-size:17px;line-height:1.5">
<p style="margin:0 0 24px;white-space:pre-line">{{ body }}</p>
<p style="margin:0">{{ clinic }}<br>{{ call }}</p>
</body>
</html>
`;
