/** A URL fit for messages and files: user and password replaced, no query. */
export function withoutCredentials(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.username !== "" || parsed.password !== "") {
      parsed.username = "***";
      parsed.password = "";
    }
    parsed.search = "";
    return parsed.toString().replace(/\/$/, "");
  } catch {
    return "the URL";
  }
}
