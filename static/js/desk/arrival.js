/**
 * A file that is fetched whole, and given up where nothing of it comes for a while.
 *
 * There is no limit to the whole: a large file on a slow network is worth waiting for as long as it
 * comes at all. One that hangs is not; whatever waits behind it would wait for ever.
 */
const SILENCE_MS = 20_000;

/** Let `read` make something of the response to `address`; rejects when `stop` says so, or when nothing comes. */
export async function arrival(address, stop, read) {
  const hung = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => hung.abort(), SILENCE_MS);
  };
  heard();
  try {
    const response = await fetch(address, { signal: AbortSignal.any([stop, hung.signal]) });
    return await read(listened(response, heard));
  } finally {
    clearTimeout(timer);
  }
}

/** The same response, which calls `heard` for everything of its body that comes. */
function listened(response, heard) {
  const transform = (part, onward) => {
    heard();
    onward.enqueue(part);
  };
  return new Response(response.body.pipeThrough(new TransformStream({ transform })), response);
}
