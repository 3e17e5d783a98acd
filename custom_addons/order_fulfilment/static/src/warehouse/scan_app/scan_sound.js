/** Tones made by the browser itself, so that they are there without network. */

const TONES = {
    success: [
        [1320, 0, 0.07],
    ],
    done: [
        [880, 0, 0.08],
        [1320, 0.1, 0.15],
    ],
    danger: [
        [220, 0, 0.18],
        [165, 0.22, 0.3],
    ],
};
let audio;

export function play(kind) {
    navigator.vibrate?.(kind === "danger" ? [200, 80, 200] : 40);
    try {
        audio ||= new AudioContext();
        for (const [frequency, start, length] of TONES[kind] || TONES.success) {
            const tone = audio.createOscillator();
            tone.type = kind === "danger" ? "square" : "sine";
            tone.frequency.value = frequency;
            tone.connect(audio.destination);
            tone.start(audio.currentTime + start);
            tone.stop(audio.currentTime + start + length);
        }
    } catch {
        // no sound on this device: colour and sentence remain
    }
}
