const PREFIX = "[Work in progress] ";

/** The title of a pull request that isn't ready, where GitHub has no drafts. */
export const asDraft = (title: string): string => (title.startsWith(PREFIX) ? title : PREFIX + title);

/** The title without what says that it isn't ready. */
export const asReady = (title: string): string =>
  title.startsWith(PREFIX) ? title.slice(PREFIX.length) : title;
