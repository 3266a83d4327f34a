// The least that can be asked of a target: two processes that answer a constant. Prints its URL.
import cluster from "node:cluster";
import { createServer } from "node:http";

if (cluster.isPrimary) {
  let listening = 0;
  cluster.on("listening", (_, { port }) => {
    listening++;
    if (listening === 2) console.log(`http://127.0.0.1:${port}`);
  });
  cluster.fork();
  cluster.fork();
  process.on("SIGTERM", () => process.exit());
} else {
  createServer((_, response) => response.end('{"ok":true}')).listen(0, "127.0.0.1");
}
