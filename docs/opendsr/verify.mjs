// Checks a signature of OpenDSR: node verify.mjs CERTIFICATE.pem BODY-FILE SIGNATURE [DOMAIN]
// BODY-FILE holds the body byte for byte as it came; SIGNATURE and DOMAIN are the headers X-OpenDSR-Signature and X-OpenDSR-Processor-Domain.
import { verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [certificateFile, bodyFile, signature, domain] = process.argv.slice(2);
const certificate = new X509Certificate(readFileSync(certificateFile));
const faults = [];
if (domain !== undefined && certificate.checkHost(domain) === undefined) {
  faults.push('the certificate is of another domain');
}
const now = new Date();
if (now < certificate.validFromDate || now > certificate.validToDate) faults.push('the certificate is not valid now');
// RSASSA-PKCS1-v1_5 with SHA-256, over the raw body.
if (!verify('sha256', readFileSync(bodyFile), certificate.publicKey, Buffer.from(signature, 'base64'))) {
  faults.push('the signature is not of this body');
}
console.log(faults.length === 0 ? 'valid' : `not valid: ${faults.join('; ')}`);
process.exitCode = faults.length === 0 ? 0 : 1;
// That the certificate was issued by somebody whom you trust is for your TLS library to check.
