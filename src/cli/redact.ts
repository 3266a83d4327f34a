import { withoutCredentials } from "../prometheus/redact-url.ts";

const SECRET_OPTION = /^--?(.*(token|password|secret|header|authorization|env|api-?key).*)$/i;

/** The command line as it may be kept: values of secret options and credentials in URLs left out. */
export function redactCommand(args: readonly string[]): string {
  let hideNext = false;
  const words = args.map((word) => {
    if (hideNext) {
      hideNext = false;
      return "***";
    }
    const [option, ...value] = word.split("=");
    if (SECRET_OPTION.test(option ?? "")) {
      if (value.length > 0) return `${option}=***`;
      hideNext = true;
      return word;
    }
    return word.replace(/\bhttps?:\/\/[^\s]+/g, (url) => (url.includes("@") ? withoutCredentials(url) : url));
  });
  return ["headroom", ...words]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
