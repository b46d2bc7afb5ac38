/** State code to base64url of its 32-byte Ed25519 root key, fixed when the bundle was built. */
declare module "virtual:casehub-roots" {
  const roots: Readonly<Record<string, string>>;
  export default roots;
}
