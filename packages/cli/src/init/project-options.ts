/** What a new project is to be. */

export interface ProjectOptions {
  /** A name that npm takes. */
  readonly name: string;
  /** As it was typed, from the working directory. */
  readonly directory: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Whether it gets a Dockerfile, and Prometheus and Grafana beside it. */
  readonly docker: boolean;
}

export const DEFAULT_PORT = 8000;
