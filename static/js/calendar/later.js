// Much at once: what is seen first is drawn first, and the rest in slices, so that the page answers
// meanwhile. A new drawing stops what the last one still had to do.
const SLICE = 30; // ms

export class Later {
  constructor() { this.jobs = []; }

  // `isSame`: what is seen stays where it is, so everything has to be there at once.
  run(jobs, isSame, done) {
    this.jobs = jobs;
    if (!jobs.length) return;
    if (isSame) {
      while (jobs.length) jobs.shift()();
      return;
    }
    const slice = () => {
      if (this.jobs !== jobs) return;
      const until = performance.now() + SLICE;
      while (jobs.length && performance.now() < until) jobs.shift()();
      if (jobs.length) setTimeout(slice);
      else done();
    };
    // After the first paint.
    requestAnimationFrame(() => setTimeout(slice));
  }
}
