import { chromium } from 'playwright-core';
const file=process.argv[2];
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const p=await b.newPage();
await p.addInitScript(()=>{const W=window.Worker;window.__t=[];window.Worker=class extends W{constructor(...a){super(...a);this.addEventListener('message',()=>{window.__t.push(performance.now()-window.__s)})}postMessage(...a){window.__s=performance.now();super.postMessage(...a)}}});
await p.goto('file://'+file);
const controls=await p.locator('#what-if [data-set]').all();
const names=[];for(const c of controls)names.push(await c.getAttribute('data-set'));
console.log(names.join(' '));
for(const want of ['workload.volume','tokens.input']){const i=names.findIndex(n=>n?.includes(want));if(i<0)continue;const times=[];
for(let k=0;k<25;k++){const n=await p.evaluate(()=>window.__t.length);await controls[i].evaluate((c,turn)=>{const [low,high]=[Number(c.min),Number(c.max)];c.value=String(low+(high-low)*(((turn*0.37)%0.8)+0.1));c.dispatchEvent(new Event('input',{bubbles:true}))},k+1);
await p.waitForFunction((n)=>window.__t.length>n,n);times.push(await p.evaluate(()=>window.__t.at(-1)));}
const s=times.slice(8).sort((a,b)=>a-b);console.log(want,'first',times[0].toFixed(0),'median warm',s[s.length>>1].toFixed(1),'worst',s.at(-1).toFixed(1));}
await b.close();
