// The rival of a download: the least that node:http takes to send a file, with reads as large as ours.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";

const file = process.argv[2];
const server = createServer({ highWaterMark: 1024 * 1024 }, (_req, res) => {
  res.writeHead(200, { "Content-Type": "application/x-gzip", "Content-Length": statSync(file).size });
  createReadStream(file, { highWaterMark: 1024 * 1024 }).pipe(res);
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
