import { html, Markup } from './markup.ts';
import { STYLE } from './style.ts';

/**
 * Nothing is loaded but images that lie beside the page: from the same place over HTTP, or, since a browser may hold that a file has no
 * place of its own, from this machine's files.
 */
const POLICY =
  "default-src 'none'; img-src 'self' data: file:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE_MARKUP = new Markup(`<style>${STYLE}</style>`);

/** Everything of a page before what stands in `main`. `header`: from its heading on. */
export const opening = (title: string, header: Markup): Markup => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
${STYLE_MARKUP}
</head>
<body>
<header>
${header}
</header>
<main>
`;

/** Everything after it. */
export const closing = (footer: Markup): Markup => html`</main>
<footer>
${footer}
</footer>
</body>
</html>
`;
