// Passkeys speak in bytes, the server in base64url: the two ways between them, and the browser's questions.

/** @param {string} text @returns {ArrayBuffer} */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer} buffer */
function base64url(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {{id: string}[] | undefined} list */
const withBytes = (list) => (list ?? []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

export const hasPasskeys = () => "PublicKeyCredential" in window;

/**
 * Make a passkey. Null when the person has cancelled.
 * @param {any} options as the server gives them
 */
export async function createPasskey(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  };
  return shape(await navigator.credentials.create({ publicKey }).catch(() => null));
}

/**
 * Answer with a passkey. Null when the person has cancelled.
 * @param {any} options as the server gives them
 */
export async function usePasskey(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  };
  return shape(await navigator.credentials.get({ publicKey }).catch(() => null));
}

/** @param {any} credential as the browser gives it, to JSON */
function shape(credential) {
  if (!credential) return null;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = names.filter((name) => credential.response[name]);
  const response = Object.fromEntries(given.map((name) => [name, base64url(credential.response[name])]));
  return { id: credential.id, rawId: base64url(credential.rawId), type: credential.type, response };
}
