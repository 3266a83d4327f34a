/** Takes one problem of a file: where in it, what is wrong, what would be right. */
export type Report = (path: PropertyKey[], message: string, remedy: string) => void;
