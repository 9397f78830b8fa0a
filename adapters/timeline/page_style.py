"""How the report's page looks, on a screen and on paper."""

from __future__ import annotations

from typing import Final

from adapters.timeline.style import COLOURS, PICTURES

_PAGE: Final = """
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
 font:16px/1.5 system-ui,'DejaVu Sans',sans-serif}
header,main,footer{max-width:1400px;margin:0 auto;padding:0 28px}
header{padding-top:32px;border-bottom:3px solid var(--ink)}
h1{font-size:30px;line-height:1.2;margin:0 0 6px}
header p{color:var(--soft);margin:0 0 18px}
h2{font-size:22px;margin:44px 0 12px}
h3{font-size:17px;margin:0 0 8px}
.summary{display:grid;grid-template-columns:1fr 1fr;gap:18px;margin-top:24px}
.card:first-child{grid-row:span 2}
.card:last-child{grid-column:1/-1}
.card{background:var(--panel);border-radius:8px;padding:18px 22px}
.card h2{font-size:18px;margin:0 0 8px}
.card ul{margin:0;padding-left:20px}
.card li{margin:0 0 8px;overflow-wrap:anywhere}
code{font:0.92em ui-monospace,'DejaVu Sans Mono',monospace}
a{color:var(--sent)}
.scroll{overflow-x:auto;border:1px solid var(--rule);border-radius:8px;margin:0 0 18px}
.scroll:focus-visible{outline:3px solid var(--sent)}
.scroll svg{display:block}
table{border-collapse:collapse;width:100%;font-size:13.5px;line-height:1.4}
caption{text-align:left;color:var(--soft);padding:10px 12px}
th,td{text-align:left;vertical-align:top;padding:6px 10px;border-bottom:1px solid var(--rule)}
th{background:var(--panel);font-weight:600}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.t{white-space:nowrap;font-variant-numeric:tabular-nums}
tr.message td{background:var(--panel);font-weight:600}
tr.message td.t,tr.message td.n{font-weight:400}
tr:target td{outline:2px solid var(--warn)}
.look{color:var(--warn);font-weight:600}
.soft{color:var(--soft)}
.break{border:1px solid var(--rule);border-left:6px solid var(--soft);border-radius:8px;
 padding:16px 20px;margin:0 0 16px;break-inside:avoid}
.break.critical,.break.high{border-left-color:var(--warn)}
.break p{margin:0 0 8px}
.badge{display:inline-block;border:1.5px solid currentColor;border-radius:4px;padding:0 7px;
 font-size:13px;font-weight:600;margin-right:8px}
.critical .badge,.high .badge{color:var(--warn)}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0 0 10px;
 font-size:14.5px}
.facts dt{color:var(--soft)}
.facts dd{margin:0;overflow-wrap:anywhere}
details{font-weight:400}
summary{cursor:pointer;color:var(--soft)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:6px 0;font-size:12px;max-width:70ch}
footer{padding-top:12px;padding-bottom:48px}
@media (min-width:1000px){.scroll svg{width:100%;height:auto}
 .break .facts{grid-template-columns:max-content 1fr max-content 1fr}}
@media (max-width:700px){.summary{grid-template-columns:1fr}.card:first-child{grid-row:auto}
 header,main,footer{padding-left:14px;padding-right:14px}}
@media print{
 @page{size:A4 landscape;margin:12mm}
 body{font-size:11.5px}
 header,main,footer{max-width:none;padding:0}
 h2{break-after:avoid;margin-top:24px}
 .scroll{overflow:visible;border:0}
 .scroll svg{width:100%;height:auto;break-inside:avoid}
 .break{padding:8px 12px;margin:0 0 8px}
 .break .facts{grid-template-columns:max-content 1fr max-content 1fr}
 thead{display:table-header-group}
 tr{break-inside:avoid}
 table{font-size:9.5px}
 details,.screen{display:none}
 .summary{grid-template-columns:1fr 1fr}
 a{color:inherit;text-decoration:none}
}
"""

STYLE: Final = "".join((COLOURS, PICTURES, _PAGE.replace("\n", "")))
"""The whole style of the page: what the policy of its head lets in, by its hash, and no other."""
