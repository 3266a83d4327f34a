/**
 * Probability that a request finds all servers busy and waits, in a queue with Poisson arrivals and exponential
 * service (Erlang C). By the recursion on Erlang B, which does not overflow.
 *
 * @param load offered, Erlang: arrivals per second × seconds of service
 * @returns 1 where the load reaches the servers
 */
export function waitingProbability(servers: number, load: number): number {
  if (load >= servers) return 1;
  let blocking = 1;
  for (let count = 1; count <= servers; count++) blocking = (load * blocking) / (count + load * blocking);
  return (servers * blocking) / (servers - load * (1 - blocking));
}

/** Fewest servers with which at most this share of the requests waits. */
export function serversFor(load: number, mostWaiting: number): number {
  let servers = Math.floor(load) + 1;
  while (waitingProbability(servers, load) > mostWaiting) servers++;
  return servers;
}
