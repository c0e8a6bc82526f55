import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"

/** Certificate and key as PEM, for `tls.createServer`. */
export interface Certified {
  readonly cert: string
  readonly key: string
}

interface Draft {
  readonly names?: readonly string[]
  readonly notBefore?: string
  readonly notAfter?: string
  readonly selfSigned?: boolean
}

/** An authority of these tests alone, and the certificates that it signs (RFC 5280 §4.1, in DER). */
export function makeAuthority(): { readonly certificate: string; issue(draft?: Draft): Certified } {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const authority = { name: "Authority of the tests", key: keys.privateKey }
  const always = { notBefore: "20200101000000Z", notAfter: "21200101000000Z" }
  const isAuthority = sequence(objectId("551d13"), octets(sequence(der(0x01, Buffer.of(0xff)))))
  const certificate = makeCertificate({ ...always, name: authority.name, key: keys.publicKey }, authority, isAuthority)
  return {
    certificate,
    issue: ({ names = ["receiver.example"], selfSigned = false, ...dates } = {}) => {
      const own = generateKeyPairSync("ec", { namedCurve: "P-256" })
      const name = names[0] ?? ""
      const alternatives = names.map((one) => der(0x82, Buffer.from(one)))
      const subject = { ...always, ...dates, name, key: own.publicKey }
      const signer = selfSigned ? { name, key: own.privateKey } : authority
      return {
        cert: makeCertificate(subject, signer, sequence(objectId("551d11"), octets(sequence(...alternatives)))),
        key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      }
    },
  }
}

interface Subject {
  readonly name: string
  readonly key: KeyObject
  readonly notBefore: string
  readonly notAfter: string
}

function makeCertificate(subject: Subject, signer: { name: string; key: KeyObject }, extension: Buffer): string {
  const ecdsaWithSha256 = sequence(objectId("2a8648ce3d040302"))
  const date = (text: string) => der(text < "2050" ? 0x17 : 0x18, Buffer.from(text < "2050" ? text.slice(2) : text))
  const content = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    commonName(signer.name),
    sequence(date(subject.notBefore), date(subject.notAfter)),
    commonName(subject.name),
    subject.key.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  )
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign("sha256", content, signer.key)]))
  const lines =
    sequence(content, ecdsaWithSha256, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`
}

function commonName(name: string): Buffer {
  return sequence(der(0x31, sequence(objectId("550403"), der(0x0c, Buffer.from(name)))))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function octets(part: Buffer): Buffer {
  return der(0x04, part)
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"))
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.of(value))
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.of(tag, ...length), content])
}
