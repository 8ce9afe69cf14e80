/** What outlives a reload, in this tab only: the token, the conversation, what is unsent. */

const name = (key) => `munshi.${key}`;

export const kept = {
  read: (key) => JSON.parse(sessionStorage.getItem(name(key)) ?? "null"),
  write: (key, value) => sessionStorage.setItem(name(key), JSON.stringify(value)),
  drop: (...keys) => keys.forEach((key) => sessionStorage.removeItem(name(key))),
};
