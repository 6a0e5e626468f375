/** A meter: how much of a whole. The number beside it says the same in words, so the bar is hidden from those who listen. */
export function Meter({ share, state }: { share: number; state: 'good' | 'warn' | 'bad' }) {
  const filled = Math.min(1, Math.max(0, share));
  return (
    <div class={`meter ${state}`} style={{ '--share': String(filled) }} aria-hidden="true">
      <i />
    </div>
  );
}
