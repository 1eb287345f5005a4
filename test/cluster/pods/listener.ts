import { createServer } from "node:net";

/** Listens at ADDRESS and PORT, says `heard` to everybody who says something, and prints a line for each connection and for the first words in it. */
const [address = "", port = ""] = process.argv.slice(2);

createServer((socket) => {
  console.log(`a connection from ${socket.remoteAddress}`);
  socket.on("error", () => {}); // its other end may break off
  socket.once("data", () => {
    console.log("words");
    socket.end("heard\n");
  });
}).listen(Number(port), address, () => console.log("listens"));
