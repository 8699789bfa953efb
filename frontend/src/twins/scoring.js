// Scores of scales, computed where the answers are. The twin of surveys/scoring.py.

export function score(scale, answers) {
  const values = Object.values(scale.points);
  const turned = Math.min(...values) + Math.max(...values);
  let sum = 0;
  let answered = 0;
  for (const item of scale.items) {
    const answer = answers[item];
    if (!Object.hasOwnProperty.call(scale.points, answer)) continue;
    const points = scale.points[answer];
    sum += scale.reverse?.includes(item) ? turned - points : points;
    answered += 1;
  }
  if (answered < scale.min_answered) return null;
  const mean = sum / answered;
  return scale.method === "sum" ? mean * scale.items.length : mean;
}

export function band(scale, value) {
  return (scale.bands ?? []).filter((band) => band.start <= value).pop() ?? null;
}
