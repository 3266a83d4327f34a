import axios from "axios";
import { messageOf, ToolError } from "../model/problem.ts";
import { withoutCredentials } from "../prometheus/redact-url.ts";
import { TESTBED } from "../testbed/serve.ts";

/** What a target said before it is loaded. */
export interface Greeting {
  /** It is a stand-in of ours, which says so in each answer. */
  readonly isTestbed: boolean;
}

/** Asks the target once. Any answer will do: whether it is the right one is for the run to find out. */
export async function greetTarget(target: string): Promise<Greeting> {
  try {
    const { data, headers } = await axios.get(target, {
      timeout: 10_000,
      validateStatus: () => true,
      maxRedirects: 0,
      responseType: "stream",
    });
    data.destroy();
    return { isTestbed: headers.server === TESTBED };
  } catch (thrown) {
    throw new ToolError(
      `${withoutCredentials(target)} cannot be reached: ${messageOf(thrown)}`,
      "Check the URL and that the service is up",
      thrown,
    );
  }
}
