import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  /** PEM, as `https.createServer` takes it. */
  key: string;
  cert: string;
}

export interface CertificateAuthority {
  /** Its own certificate, PEM. */
  certificate: string;
  /** The file it is in, until `close`. */
  file: string;
  /** For a host name, valid for `days` (a negative number: expired). */
  issue(name: string, days?: number): Certificate;
  /** A certificate that vouches for itself. */
  selfSigned(name: string): Certificate;
  close(): void;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of a spec's own. Needs the command `openssl`. */
export function createAuthority(): CertificateAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'oms-authority-'));
  const at = (file: string) => join(folder, file);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const read = (key: string, cert: string) => ({
    key: readFileSync(at(key), 'utf8'),
    cert: readFileSync(at(cert), 'utf8'),
  });
  const selfSign = (name: string, key: string, cert: string, extension: string[]) =>
    openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-keyout',
      at(key),
      '-out',
      at(cert),
      '-subj',
      `/CN=${name}`,
      ...extension,
    );

  selfSign('spec authority', 'ca.key', 'ca.pem', []);
  return {
    certificate: readFileSync(at('ca.pem'), 'utf8'),
    file: at('ca.pem'),
    issue(name, days = 1) {
      writeFileSync(at('names'), `subjectAltName=DNS:${name}`);
      openssl('req', '-new', ...NEW_KEY, '-keyout', at('a.key'), '-out', at('a.csr'), '-subj', `/CN=${name}`);
      openssl(
        ...[
          'x509',
          '-req',
          '-in',
          at('a.csr'),
          '-CA',
          at('ca.pem'),
          '-CAkey',
          at('ca.key'),
          '-CAcreateserial',
        ],
        ...['-days', String(days), '-extfile', at('names'), '-out', at('a.pem')],
      );
      return read('a.key', 'a.pem');
    },
    selfSigned(name) {
      selfSign(name, 'self.key', 'self.pem', ['-addext', `subjectAltName=DNS:${name}`]);
      return read('self.key', 'self.pem');
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}
