/** Looks again and again until a condition holds; complains when it does not in time. */
export async function waitFor(condition, milliseconds, complaint) {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) {
      throw new Error(`After ${milliseconds / 1000} s: ${complaint()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
