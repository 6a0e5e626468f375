/** Binary heap: the smallest element first. Source: any textbook; Williams 1964, Algorithm 232. */
export interface Heap<Element> {
  push(element: Element): void;
  peek(): Element | undefined;
  pop(): Element | undefined;
}

export function createHeap<Element>(compare: (a: Element, b: Element) => number): Heap<Element> {
  const elements: Element[] = [];
  const before = (i: number, j: number): boolean =>
    compare(elements[i] as Element, elements[j] as Element) < 0;
  const swap = (i: number, j: number): void => {
    [elements[i], elements[j]] = [elements[j] as Element, elements[i] as Element];
  };
  return {
    push(element) {
      elements.push(element);
      for (let i = elements.length - 1; i > 0;) {
        const parent = (i - 1) >> 1;
        if (!before(i, parent)) break;
        swap(i, parent);
        i = parent;
      }
    },
    peek: () => elements[0],
    pop() {
      const smallest = elements[0];
      const last = elements.pop();
      if (last === undefined || elements.length === 0) return smallest;
      elements[0] = last;
      for (let i = 0; ;) {
        let least = i;
        for (const child of [2 * i + 1, 2 * i + 2]) {
          if (child < elements.length && before(child, least)) least = child;
        }
        if (least === i) return smallest;
        swap(i, least);
        i = least;
      }
    },
  };
}
