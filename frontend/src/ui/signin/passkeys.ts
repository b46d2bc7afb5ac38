/** Whether this page can ask for a passkey: they belong to a domain name, a bare address has none. */
export const passkeysHere =
  typeof PublicKeyCredential === "function" && !/^[\d.]+$|:/.test(location.hostname);
