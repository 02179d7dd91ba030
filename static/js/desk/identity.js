/** Who is signed in, as far as a page can tell. */

/** The value of a cookie. The token of forms is read each time: signing in again changes it. */
export function cookie(name) {
  const pairs = document.cookie.split("; ").map((pair) => pair.split("="));
  return pairs.find(([key]) => key === name)?.[1] ?? "";
}

/** Return the name under which the answers of whoever is signed in are kept; "" for nobody. */
export async function signedInAs(page) {
  const response = await fetch(page, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(20_000) });
  const there = new DOMParser().parseFromString(await response.text(), "text/html");
  return there.querySelector("[data-store]")?.dataset.store ?? "";
}
