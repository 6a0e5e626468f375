/** The style of the monitor's page: one column to read, wide tables that scroll by themselves, light or dark. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6575;--line:#d9dee7;--paper:#fbfcfe;--card:#fff;--bad:#b64a00;--odd:#00629c;--good:#00714f;--open:#5b6575;--heat:213,94,0}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf3;--soft:#9aa5b6;--line:#333c4a;--paper:#12161d;--card:#1a2029;--bad:#ff9d4d;--odd:#6cc2f5;--good:#3fd0a4;--open:#9aa5b6;--heat:255,140,60}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,sans-serif}
main{max-width:1060px;margin:0 auto;padding:32px 20px 64px}h1{font:600 26px/1.2 ui-monospace,monospace;margin:0 0 14px}
h2{font-size:18px;margin:36px 0 8px}.eyebrow{margin:0;color:var(--soft);letter-spacing:.08em;text-transform:uppercase;font-size:12px}
.verdict{border-left:5px solid;padding:10px 14px;background:var(--card);border-radius:4px}.bad{color:var(--bad)}.odd{color:var(--odd)}.good{color:var(--good)}.open{color:var(--open)}
.verdict b{display:block}.verdict{border-color:currentColor}
.tally{display:flex;flex-wrap:wrap;gap:10px;list-style:none;padding:0;margin:16px 0}.tally li{border:1px solid var(--line);background:var(--card);border-radius:6px;padding:6px 12px}
.tally b{font-size:18px}svg.chart{display:block;width:100%;min-width:720px;height:auto;padding:6px}.plot{margin:12px 0}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;background:var(--card)}table{border-collapse:collapse;font-size:13px;width:100%}
th,td{padding:5px 9px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;white-space:nowrap}thead th{color:var(--soft);font-weight:600}
td.n{text-align:right;font-variant-numeric:tabular-nums}tr.why td{white-space:normal;color:var(--soft);font-size:12px}tr:has(+tr.why)>*{border-bottom:0}
.pill{border:1px solid currentColor;border-radius:10px;padding:0 8px;font-weight:600}
.heat td.n{background:rgba(var(--heat),calc(var(--s,0)*.75))}.heat td.moved{box-shadow:inset 0 0 0 1px rgba(var(--heat),.9)}.heat td.moved{font-weight:600}
tbody th{font-weight:500;position:sticky;left:0;background:var(--card)}
@media (max-width:600px){main{padding:20px 12px 48px}.by{display:none}.heat tbody th{white-space:normal;min-width:110px}}`;
