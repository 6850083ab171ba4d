// Sequence diagrams as Mermaid itself reads them (tools/install-mermaid fetches it).
// usage: node mermaid_parse.mjs FOLDER FILE...: title, actors and signals of each file as JSON
import {readFileSync} from 'node:fs';
import {pathToFileURL} from 'node:url';

const [, , folder, ...files] = process.argv;
const load = async path => (await import(pathToFileURL(`${folder}/node_modules/${path}`).href)).default;
// What washes texts for a browser needs one, and has nothing to do with reading a diagram
Object.assign(await load('dompurify/dist/purify.es.mjs'), {sanitize: text => text, addHook() {}});
const mermaid = await load('mermaid/dist/mermaid.core.mjs');
// Mermaid puts these in place of "#60;" and makes an entity of them in the drawing
const plain = text => (text ?? '').replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)));
const diagrams = [];
for (const file of files) {
    const text = readFileSync(file, 'utf8');
    await mermaid.parse(text);
    const {db} = await mermaid.mermaidAPI.getDiagramFromText(text);
    diagrams.push({
        size: text.length,
        title: plain(db.getDiagramTitle()),
        told: db.getAccTitle() && db.getAccDescription(),
        types: db.LINETYPE,
        actors: [...db.getActors().values()].map(a => [a.name, plain(a.description)]),
        signals: db.getMessages().map(m => [m.type, m.from, m.to, plain(typeof m.message === 'string' ? m.message : '')]),
    });
}
console.log(JSON.stringify(diagrams));
