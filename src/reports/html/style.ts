/** The page's only style sheet. Colours keep at least 4.5 to 1 against their ground in both schemes; no meaning rests on colour alone. */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fbfaf7;--card:#fff;--ink:#1d1f22;--faint:#5b6068;--line:#d9d6cd;--good:#1a6b33;--bad:#a8231b;--unsure:#7a5600;--goodbg:#e4f2e6;--badbg:#fbe7e4;--unsurebg:#fbf0d3;--link:#0b57a4;--wood:#8a6a45;--light:#ffdf8a;--wall:#c9c3b6}
@media (prefers-color-scheme:dark){:root{--ground:#16181b;--card:#1f2226;--ink:#e9e7e2;--faint:#a9adb4;--line:#3a3e45;--good:#7ed491;--bad:#ff9d92;--unsure:#f0c75e;--goodbg:#1c3322;--badbg:#42211e;--unsurebg:#3b3018;--link:#8fc0ff;--wood:#b08a5c;--light:#6b5a1d;--wall:#4b4a45}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI","Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:66rem;margin:0 auto;padding:0 1rem}
header{padding-top:1rem}
h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.15rem;margin:2.2rem 0 .7rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:0 0 .25rem}
p,ul,ol{margin:.35rem 0}
ul,ol{padding-left:1.3rem}
a{color:var(--link)}
code{font:.88em/1.4 ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,monospace}
blockquote{margin:.25rem 0;padding:.3rem .7rem;border-left:3px solid var(--line);background:var(--card)}
table{border-collapse:collapse;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.l{display:none}
body:has(#lang-en:checked) .l:lang(en),body:has(#lang-zh-Hans:checked) .l:lang(zh-Hans),body:has(#lang-zh-Hant:checked) .l:lang(zh-Hant){display:inline}
.languages{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.4rem 1rem;font-size:.9rem}
.languages label{display:inline-flex;align-items:center;gap:.35rem;min-height:24px;cursor:pointer}
.languages input{accent-color:var(--link);width:1rem;height:1rem;margin:0}
.faint,.id,.digest,.short,.method,.source,footer{color:var(--faint);font-size:.85rem}
.id,.digest,.short{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.78rem}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static}
.headline{display:flex;gap:1.4rem;border:1px solid var(--line);border-left:.5rem solid var(--unsure);background:var(--card);padding:1rem 1.2rem 1.1rem;margin-top:1rem;border-radius:.3rem}
.headline>div{min-width:0;flex:1}.great{flex:none;width:6rem;height:8.25rem}.picture{width:3rem;height:4.125rem}
@media (max-width:40rem){.headline{gap:.9rem;padding:.8rem .9rem .9rem;flex-wrap:wrap}.great{width:3.6rem;height:4.95rem;float:left}}
.headline h2{border:0;margin:0 0 .3rem;padding:0}
.headline.open{border-left-color:var(--good)}.headline.shut{border-left-color:var(--bad)}
.word{font-size:2.4rem;font-weight:750;line-height:1.1;letter-spacing:-.01em}
.sentence{font-size:1.1rem}.label{font-weight:600}
.provisional{background:var(--unsurebg);color:var(--unsure);padding:.3rem .6rem;border-radius:.25rem;font-weight:600}
.doors{list-style:none;padding:0;display:grid;gap:.7rem;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr))}
.door{display:flex;gap:.7rem;background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.6rem}
.door svg{flex:none}.door p{margin:.1rem 0;font-size:.9rem}
.door.absent,.door.unknown,.door.claimed{border-style:dashed}
.places{list-style:none;padding:0;color:var(--faint);font-size:.82rem}
.state,.terms,.refs{white-space:nowrap}.state{margin-right:.4rem}.partial{color:var(--unsure);font-size:.85rem}
.frame,.sill{fill:none;stroke:var(--ink);stroke-width:2}.sill{stroke-width:1.5}
.leaf{fill:var(--wood);stroke:var(--ink);stroke-width:1}.light{fill:var(--light)}
.knob,.dot{fill:var(--ink)}.chain{fill:none;stroke:var(--bad);stroke-width:2;stroke-dasharray:2.5 1.5}
.plate{fill:var(--card);stroke:var(--ink)}.lock,.mark{fill:none;stroke:var(--ink);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.mark{stroke-width:1.8}.ghost{fill:none;stroke:var(--faint);stroke-width:1.2;stroke-dasharray:3 3}
.wall{fill:var(--wall);stroke:var(--faint);stroke-width:1}
.standards{display:grid;gap:.8rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));align-items:start}
.standard{background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.8rem 1rem}
.outcome,.severity{display:inline-block;padding:.05rem .5rem;border-radius:.8rem;font-weight:600;font-size:.88rem}
.outcome.met{background:var(--goodbg);color:var(--good)}.outcome.not-met,.severity.critical,.severity.high{background:var(--badbg);color:var(--bad)}
.outcome.unknown,.severity.medium,.severity.low,.severity.info{background:var(--unsurebg);color:var(--unsure)}
.detail{color:var(--faint);font-size:.9rem}
.counts{font-size:.85rem;color:var(--faint)}.count+.count::before{content:"· "}
.criterion{border-top:1px solid var(--line)}
summary{cursor:pointer;padding:.4rem 0 .4rem 2.4rem;text-indent:-2.4rem;min-height:24px}summary>*{text-indent:0}
section>h3{margin-top:1.1rem}
.criterion .body{padding:0 0 .6rem 1.4rem;font-size:.92rem}
.criterion .mark{display:inline-block;width:1.1rem;font-weight:700}
.mark.met{color:var(--good)}.mark.not-met{color:var(--bad)}.mark.unknown{color:var(--unsure)}
.needs{font-weight:600;margin-top:.5rem}
.quote{margin:.4rem 0}.quote figcaption{font-size:.82rem;color:var(--faint)}
.findings{list-style:none;padding:0}.finding{background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.6rem .8rem;margin:.5rem 0}
.aside{font-style:italic}.inserted{background:var(--goodbg)}.deleted{background:var(--badbg)}
.ref{display:inline-block;min-width:1.5rem;height:1.5rem;line-height:1.4rem;vertical-align:middle;text-align:center;font-size:.75rem;text-decoration:none;border:1px solid var(--line);border-radius:.25rem;padding:0 .25rem;margin:0 .1rem;background:var(--card)}
.ref:hover{border-color:var(--link)}.more{font-size:.75rem;color:var(--faint)}
.evidence{padding-left:2.4rem;font-size:.9rem}.evidence li{padding:.35rem .3rem;border-bottom:1px solid var(--line)}
.evidence li:target{background:var(--unsurebg)}
.scroll{overflow-x:auto}
.graph{margin:.4rem 0}.graph svg{display:block}.graph text{font-size:13px;fill:var(--ink)}.graph .license,.graph .edge-name{font-size:12px;fill:var(--faint)}.graph .edge-name{text-anchor:end;paint-order:stroke;stroke:var(--ground);stroke-width:5px;stroke-linejoin:round}
.node{fill:var(--card);stroke:var(--faint)}.node.unknown{stroke-dasharray:4 3}.edge{fill:none;stroke:var(--faint);stroke-width:1.3}
section h3+ul{margin-top:.1rem}.uses{list-style:none;padding:0}.uses li{margin:.45rem 0}.grounds{font-size:.9rem;color:var(--faint)}
.permission{display:inline-block;padding:.05rem .5rem;border-radius:.8rem;font-weight:600;font-size:.88rem}
.permission.good{background:var(--goodbg);color:var(--good)}.permission.bad{background:var(--badbg);color:var(--bad)}.permission.unsure{background:var(--unsurebg);color:var(--unsure)}
.files{min-width:40rem;width:100%}.files th[scope=row]{font-weight:400;min-width:14rem}.covered-partial,.covered-none{background:var(--unsurebg)}.covered-partial .faint,.covered-none .faint{color:var(--ink)}
.tone.good{color:var(--good)}.tone.bad{color:var(--bad);font-weight:600}.tone.unsure{color:var(--unsure)}.rules{list-style:none;padding:0;margin:0}.rules a{display:inline-block;min-height:24px}
@media (max-width:40rem){.files{min-width:0}.files,.files tbody,.files tr,.files th,.files td{display:block;border:0}.files thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.files tr{border-bottom:1px solid var(--line);padding:.4rem .3rem}.files th[scope=row],.files td{padding:.1rem 0}}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1rem;font-size:.9rem}
nav a{display:inline-block;min-height:24px}
footer{margin-top:2.5rem;padding-top:.7rem;padding-bottom:2rem;border-top:1px solid var(--line)}
@media print{:root{--ground:#fff;--card:#fff;--ink:#000;--faint:#444;--line:#bbb}body{font-size:10pt}nav,.languages,.skip{display:none}details::details-content{content-visibility:visible;block-size:auto}.standards{display:block}.standard,.finding,.door,.headline{break-inside:avoid}.standard{margin-bottom:.6rem;break-inside:auto}a{color:inherit;text-decoration:none}h2{break-after:avoid}}
`.trim();
