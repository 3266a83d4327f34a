/** `shop-api` and `error-ratio` → `ShopApiErrorRatio`. */
export const nameOf = (...parts: readonly string[]): string =>
  parts
    .flatMap((part) => part.split(/[^a-zA-Z0-9]+/))
    .filter(Boolean)
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join("");
