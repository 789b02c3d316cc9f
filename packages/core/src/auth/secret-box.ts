import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Seals what the database is to keep and not to know. */
export type SecretBox = {
  /** Names the key without telling it: sealed texts begin with it. */
  readonly keyName: string
  /** Seals a text; `purpose` says what it is of whom, and opening it demands the same. */
  seal(text: string, purpose: string): string
  /** Throws when the text was sealed by another key, for another purpose, or was changed. */
  open(sealed: string, purpose: string): string
}

const ivBytes = 12
const tagBytes = 16

/** Makes a box of a key of 32 bytes: AES-256-GCM with random nonces (NIST SP 800-38D, 8.2.2). */
export function createSecretBox(key: Uint8Array): SecretBox {
  const keyName = createHash('sha256').update('casebook key name').update(key).digest('hex').slice(0, 12)
  return {
    keyName,
    seal(text, purpose) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `${keyName}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`
    },
    open(sealed, purpose) {
      const [name, text = ''] = sealed.split('.')
      if (name !== keyName) throw new Error('A secret was sealed by another SECRET_KEY than the present one.')
      const bytes = Buffer.from(text, 'base64url')
      const tagEnd = ivBytes + tagBytes
      const opening = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(ivBytes, tagEnd))
      return Buffer.concat([opening.update(bytes.subarray(tagEnd)), opening.final()]).toString('utf8')
    },
  }
}
