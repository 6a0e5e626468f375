/**
 * Escape XML: text that may stand between tags and inside attributes of HTML and SVG.
 *
 * in:  `a < b & "c"`
 * out: `a &lt; b &amp; &quot;c&quot;`
 */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
