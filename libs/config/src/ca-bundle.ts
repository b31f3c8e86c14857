import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Fault, setting, type Default, type Setting, type SettingOptions } from './setting.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Certificates of authorities, from a file. Where it is shown or logged, it is the file's name alone. */
export class CaBundle {
  readonly file: string;
  readonly #certificates: readonly string[];

  constructor(file: string, certificates: readonly string[]) {
    this.file = file;
    this.#certificates = certificates;
  }

  /** Each as PEM. */
  get certificates(): readonly string[] {
    return this.#certificates;
  }
}

/** A file with one or more certificates as PEM; every one of them must be readable. */
export function caBundle<D>(meaning: string, options: SettingOptions<D>): Setting<CaBundle | Default<D>> {
  return setting(meaning, options, (file) => {
    const certificates = readText(file).match(CERTIFICATE) ?? [];
    if (certificates.length === 0)
      throw new Fault('names a file without a certificate (-----BEGIN CERTIFICATE-----)');
    certificates.forEach((certificate, index) => {
      try {
        new X509Certificate(certificate);
      } catch (error) {
        throw new Fault(
          `names a file whose certificate ${index + 1} of ${certificates.length} cannot be read: ${(error as Error).message}`,
        );
      }
    });
    return new CaBundle(file, certificates);
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Fault(`names a file that cannot be read: ${(error as Error).message}`);
  }
}
