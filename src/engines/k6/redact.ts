import type { LoadOrder } from "../engine.ts";

/** Variables whose values are secrets, whoever named them. */
const SECRET_NAME = /TOKEN|PASSWORD|PASSWD|SECRET|EMAIL|CREDENTIAL|API_?KEY|HEADERS/i;
/** What is shorter would be found in every other word. */
const SHORTEST = 5;

/**
 * Takes secrets out of what k6 logs: credentials and queries of any URL, and the values of the environment's secrets,
 * which a script's own errors may repeat.
 */
export function redactorFor({ env }: Pick<LoadOrder, "env">): (text: string) => string {
  const secrets = Object.entries(env)
    .filter(([name, value]) => SECRET_NAME.test(name) && (value?.length ?? 0) >= SHORTEST)
    .map(([, value]) => value as string)
    .sort((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((left, secret) => left.replaceAll(secret, "***"), text)
      .replace(/(https?:\/\/)[^\s/@"']+@/g, "$1***@")
      .replace(/(https?:\/\/[^\s?"']+)\?[^\s"']+/g, "$1");
}
