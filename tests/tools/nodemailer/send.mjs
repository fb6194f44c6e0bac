// node send.mjs PORT MESSAGES CONNECTIONS BYTES plain|sign — prints messages per second.
import { generateKeyPairSync } from 'node:crypto';
import nodemailer from 'nodemailer';

const [port, messages, connections, bytes] = process.argv.slice(2, 6).map(Number);
const sign = process.argv[6] === 'sign';
const key = () => generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } }).privateKey;

const transport = nodemailer.createTransport({
  host: '127.0.0.1', port, secure: false, ignoreTLS: true,
  pool: true, maxConnections: connections, maxMessages: Infinity,
  ...(sign ? { dkim: { domainName: 'bench.example', keySelector: 'bench', privateKey: key() } } : {}),
});

const line = 'Vi samlades tjugo kommuner för att tala om skolskjutsar och bredband.\n';
const text = line.repeat(Math.floor(bytes / 4 / line.length));
const html = `<p>${line.repeat(Math.floor(bytes * 0.7 / line.length))}</p>`;

const began = process.hrtime.bigint();
let next = 0;
async function send() {
  while (next < messages) {
    const n = next++;
    const link = `https://bench.example/avsluta/${n}`;
    await transport.sendMail({
      from: 'a@bench.example', to: `p${n}@bench.example`, subject: 'Nyheter från småkommunerna',
      text: `${text}${link}\n`, html: `${html}<a href="${link}">Avsluta</a>`,
      headers: { 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    });
  }
}
await Promise.all(Array.from({ length: connections * 2 }, send));
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
console.log((messages / seconds).toFixed(1));
transport.close();
