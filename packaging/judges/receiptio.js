// Drives a printer as a host: npm `receiptio`, which nobody here wrote.
// Arguments: the printer's IP address (port 9100), then "status" or "print".
'use strict';
const receiptio = require('receiptio');
const [, , host, what] = process.argv;
const options = `-d ${host} -l zh -t 8 ${what === 'status' ? '-q printer' : ''}`;
receiptio.print('^^^真账\n\n农夫山泉 | 4.00\n---\n^合计 | ^4.00\n\n{code:000124; option:code128}\n', options)
  .then(result => { console.log(result); process.exit(0); })
  .catch(err => { console.error(err); process.exit(1); });
