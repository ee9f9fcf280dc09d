import {connect, createServer, type Socket} from 'node:net';

/*
Passes TCP connections on to a port of this machine and holds back what is sent, in each direction, for so many milliseconds: a
network of that latency. Its arguments are the port and the milliseconds; it says its own port, and ends with standard input.
*/
const [port = '0', milliseconds = '0'] = process.argv.slice(2);

/** In order: each chunk waits for its own time, and none overtakes another. */
function passOn(from: Socket, to: Socket): void {
	from.on('data', chunk => {
		setTimeout(() => to.write(chunk), Number(milliseconds));
	});
	from.on('end', () => {
		setTimeout(() => to.end(), Number(milliseconds));
	});
	from.on('error', () => to.destroy());
	from.on('close', () => setTimeout(() => to.destroy(), Number(milliseconds) + 50));
}

const server = createServer({allowHalfOpen: true, noDelay: true}, client => {
	const target = connect({port: Number(port), host: '127.0.0.1', allowHalfOpen: true, noDelay: true});
	passOn(client, target);
	passOn(target, client);
});
server.listen(0, '127.0.0.1', () => {
	process.stdout.write(`${(server.address() as {port: number}).port}\n`);
});
process.stdin.resume().on('end', () => process.exit());
