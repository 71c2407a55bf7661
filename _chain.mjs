import { build } from 'esbuild'
const r=await build({bundle:true,platform:'node',format:'cjs',minify:true,supported:{'dynamic-import':false},entryPoints:[process.argv[2]],outdir:'/tmp/x',metafile:true,write:false,logLevel:'error',plugins:[{name:'c',setup({onResolve}){onResolve({filter:/^\.\/commands\//},a=>({path:a.path,external:true}));onResolve({filter:/^\.\.?\/html-report\.js$/},a=>({path:'./h.js',external:true}))}}]})
const out=Object.values(r.metafile.outputs)[0].inputs
for(const t of process.argv.slice(3)){ // BFS
 const q=[[process.argv[2]]],seen=new Set([process.argv[2]]);let f=null
 while(q.length){const p=q.shift();const n=p.at(-1).split(' ')[0]; if(n.includes(t)){f=p;break} for(const i of r.metafile.inputs[n]?.imports??[]) if(!i.external&&!seen.has(i.path)&&out[i.path]?.bytesInOutput>0){seen.add(i.path);q.push([...p,i.path+' ('+i.kind+')'])}}
 console.log(t,'\n   ',f?.join('\n    '))}
