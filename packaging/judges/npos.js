// Reads ESC/POS bytes on stdin with npm `npos`, which nobody here wrote, and
// writes {commands, text} as JSON. A byte that it cannot place is an error, exit 1.
'use strict';
const npos = require('npos');
const iconv = require('iconv-lite');
const fs = require('fs');

// npos knows no two-dimensional codes of GS ( k: the rule is the command's own length.
const rules = Object.assign({}, npos.rules);
rules[0x1d] = Object.assign({ '(k': [0, 'd16'] }, rules[0x1d]);

const raw = fs.readFileSync(0);
const ast = npos.parser(rules).analyze(raw);
if (ast.error) {
  console.error(String(ast.error.message));
  process.exit(1);
}
const text = ast.tree.filter(n => n.ascii === 'STX').map(n => raw.subarray(n.offset, n.offset + n.length));
console.log(JSON.stringify({
  commands: ast.tree.filter(n => n.ascii !== 'STX').map(n => n.ascii + ' ' + (n.fn || '')),
  text: iconv.decode(Buffer.concat(text), 'GB18030'),
}));
