/** A browser script, bundled. */
declare module "*?bundle" {
  const text: string;
  export default text;
}
/** A file as it is. */
declare module "*?text" {
  const text: string;
  export default text;
}
