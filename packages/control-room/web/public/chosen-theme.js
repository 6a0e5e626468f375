// Runs before the first paint, so that a chosen theme does not flash the other one. See theme.tsx.
try {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is forbidden here: the system's theme stays.
}
