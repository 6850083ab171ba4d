// GIFT as a parser of another origin reads it (gift-pegjs, which tools/install-gift fetches).
// usage: node gift_parse.mjs PACKAGE FILE: the questions as JSON
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const [, , folder, file] = process.argv;
const gift = createRequire(`${folder}/`)('gift-pegjs');
console.log(JSON.stringify(gift.parse(readFileSync(file, 'utf8'))));
