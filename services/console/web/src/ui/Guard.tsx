import { Component, type ReactNode } from 'react';
import { SpeechContext, type Speech } from '../i18n';
import { Failure } from './Failure';

interface Props {
  children: ReactNode;
}

/** Keeps a fault inside its panel: the rest of the page stays. */
export class Guard extends Component<Props, { failed: boolean }> {
  static override contextType = SpeechContext;
  declare context: Speech;
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <Failure title={this.context.t.customer.panelFailed} retry={() => this.setState({ failed: false })} />;
  }
}
