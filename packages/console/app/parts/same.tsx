/** Draws a part again only if one of its properties is another. */
import { Component, type ComponentType, type FunctionComponent } from 'preact';

export function unlessSame<P extends object>(Part: FunctionComponent<P>): ComponentType<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const [before, after] = [this.props, next] as Readonly<Record<string, unknown>>[];
      return [...Object.keys(before ?? {}), ...Object.keys(after ?? {})].some((name) => before?.[name] !== after?.[name]);
    }

    override render() {
      return <Part {...(this.props as P)} />;
    }
  };
}
