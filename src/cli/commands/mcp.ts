import type { Io } from '../io.js';

/** `mcp`: answers a client on standard input and output, which belong to the protocol, until the input ends. */
export async function run(io: Io): Promise<void> {
  if (io.stderr.isTTY) io.err('waiting for an MCP client on standard input; Ctrl-C ends\n');
  const [{ serveStdio }, { mcpServer }] = await Promise.all([
    import('@modelcontextprotocol/server/stdio'),
    import('../mcp/server.js'),
  ]);
  serveStdio(() => mcpServer(io), { onerror: ({ message }) => io.err(`${message}\n`) });
}
