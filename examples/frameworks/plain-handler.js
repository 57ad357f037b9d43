/** What the servers without a framework answer, over HTTP/1 and HTTP/2 alike. */
export function handle(request, response) {
  const path = request.url.split('?', 1)[0];
  if (path.startsWith('/missing')) response.statusCode = 404;
  else if (path.startsWith('/boom')) response.statusCode = 500;
  if (path.startsWith('/slow')) response.write('begun');
  else response.end(path);
}
