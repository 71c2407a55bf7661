import { readFileSync } from 'node:fs';
const m = await import('../dist/lib/index.js');
const prose = await m.loadProse(); const tables = await m.loadShippedTables();
for (const name of process.argv.slice(2)) { const text = readFileSync(`scenarios/${name}.yaml`,'utf8');
for (let i=0;i<6;i++){const t=performance.now();const s=m.readScenario(text,{file:name+'.yaml',tables}).scenario;const r=m.assess(s,tables,{asOf:'2026-11-20',prose,tool:{name:'x',version:'1'}});console.log(name,i,(performance.now()-t).toFixed(0));}}
