import fc from 'fast-check';

// That a property fails is all a mutant is asked; the smallest case that it fails for takes ten times as long.
fc.configureGlobal({ endOnFailure: true });
