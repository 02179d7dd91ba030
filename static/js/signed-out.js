/** A part of the page that is fetched anew and comes from elsewhere is the sign-in page: go there. */
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const asked = new URL(detail.pathInfo.finalRequestPath, location.href).pathname;
  if (new URL(detail.xhr.responseURL).pathname === asked) return;
  detail.shouldSwap = false;
  location.reload();
});
