# Uebungsblatt 5, Aufgabe 2: Paritaet von vier Bits, Nesterov-Verfahren
import numpy as np
import itertools

zufall=np.random.RandomState(3)

X=np.array(list(itertools.product([-1.0,1.0],repeat=4)))    # 16 Muster
T=np.prod(X,axis=1).reshape(16,1)                           # +1 gerade, -1 ungerade

n_verdeckt=12
eta=0.008
mu=0.9
epochen=2000

W1=zufall.normal(0,0.6,(4,n_verdeckt))
s1=zufall.normal(0,0.6,n_verdeckt)
W2=zufall.normal(0,0.4,(n_verdeckt,1))
s2=np.zeros(1)

# Geschwindigkeiten
vW1=np.zeros_like(W1)
vs1=np.zeros_like(s1)
vW2=np.zeros_like(W2)
vs2=np.zeros_like(s2)

for epoche in range(epochen):
    # Vorwaertsschritt
    H=np.tanh(np.dot(X,W1)+s1)
    O=np.tanh(np.dot(H,W2)+s2)
    E=0.5*np.sum((O-T)**2)

    # Rueckwaertsschritt
    dO=(O-T)*(1-O**2)
    dH=np.dot(dO,W2.T)*(1-H**2)
    gW2=np.dot(H.T,dO)
    gs2=np.sum(dO,axis=0)
    gW1=np.dot(X.T,dH)
    gs1=np.sum(dH,axis=0)

    # alte Geschwindigkeiten merken
    aW1=vW1.copy()
    as1=vs1.copy()
    aW2=vW2.copy()
    as2=vs2.copy()
    # neue Geschwindigkeiten, an Ort und Stelle
    for v,g in ((vW1,gW1),(vs1,gs1),(vW2,gW2),(vs2,gs2)):
        v*=mu
        v-=eta*g
    # Nesterov: W + (1+mu)*v_neu - mu*v_alt
    W1+=(1+mu)*vW1-mu*aW1
    s1+=(1+mu)*vs1-mu*as1
    W2+=(1+mu)*vW2-mu*aW2
    s2+=(1+mu)*vs2-mu*as2

    if epoche%250==0:
        print('Epoche',epoche,'Fehler',E)

print('Endfehler',E)
richtig=np.sum(np.sign(O)==T)
print(richtig,'von 16 Mustern richtig')

# /// faultbench
# task = "4-bit parity"
# loop = 1
# parameters = ["W1", "s1", "W2", "s2"]
# loss = "E"
# ///
