/** Theme: follows the system unless the visitor chooses. The choice is kept in this browser. */
import { useState } from 'preact/hooks';

const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Charts are drawn on a canvas, which does not see a change of CSS variables; they listen to this. */
export const THEME_CHANGED = 'themechanged';

export function chosenTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

export function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  document.dispatchEvent(new Event(THEME_CHANGED));
}

export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  const choose = (next: Theme) => {
    setTheme(next);
    applyTheme(next);
    try {
      localStorage.setItem('theme', next);
    } catch {
      // Storage is forbidden here: the choice lasts until the page is left.
    }
  };
  return (
    <fieldset class="theme">
      <legend class="unseen">Theme</legend>
      {themes.map((name) => (
        <label key={name}>
          <input type="radio" name="theme" checked={theme === name} onChange={() => choose(name)} />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
