/** Whether a process with this id exists on the machine. */
export function isProcessAlive(id: number): boolean {
	try {
		process.kill(id, 0);
		return true;
	} catch (error) {
		// It is there, and somebody else's.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
