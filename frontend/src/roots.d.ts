/** State code to base64url of its 32-byte Ed25519 root key, fixed when the bundle was built. */
declare module "virtual:casehub-roots" {
  const roots: Readonly<Record<string, string>>;
  export default roots;
}

/** The tlog-policy whose keys this bundle believes of the public log; null pins none. */
declare module "virtual:casehub-log-policy" {
  const policy: string | null;
  export default policy;
}
