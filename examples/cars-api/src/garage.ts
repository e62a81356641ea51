/** The cars, in memory. A plain class: nothing in it knows that it is measured. */
import type { Car, NewCar } from './car.js';

export class Garage {
  readonly #cars = new Map<number, Car>();
  #lastId = 0;

  all(): Car[] {
    return [...this.#cars.values()];
  }

  find(id: number): Car | undefined {
    return this.#cars.get(id);
  }

  add(car: NewCar): Car {
    this.#lastId += 1;
    const added = { id: this.#lastId, ...car };
    this.#cars.set(added.id, added);
    return added;
  }

  /** Returns the changed car, or undefined where there is none of that id. */
  change(id: number, changes: Partial<NewCar>): Car | undefined {
    const car = this.#cars.get(id);
    if (car === undefined) return undefined;
    const changed = { ...car, ...changes };
    this.#cars.set(id, changed);
    return changed;
  }

  /** Returns whether there was a car of that id. */
  remove(id: number): boolean {
    return this.#cars.delete(id);
  }
}
